/** A certificate and its private key, both PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface RegistryLogin {
  readonly username: string;
  readonly password: string;
  /** The registry's htpasswd file: one line, bcrypt. */
  readonly htpasswd: string;
}

/** Everything secret that a lab is born with. One JSON text in the state, encrypted as a whole. */
export interface Credentials {
  /** Root CA certificate. Its key is thrown away once the three certificates are issued. */
  readonly ca: string;
  /** Server certificate of every engine: they are reached through one entrance under one name. */
  readonly engine: KeyPair;
  readonly registry: KeyPair;
  /** Client certificate for the engine API: who holds it owns the lab. */
  readonly client: KeyPair;
  readonly registryLogin: RegistryLogin;
}

/** LAB_CREDENTIALS of scripts/credentials.ts. */
export interface CredentialsInput {
  readonly lab: string;
  readonly registryHost: string;
  readonly username: string;
}
