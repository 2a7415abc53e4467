import { StubProgram } from "./stub-program.ts";

/** An `ssh` for what is asked of hosts; whether sshd would take it is not known here. */
export class StubSsh extends StubProgram {
  constructor(body: string) {
    super("ssh", body);
  }
}
