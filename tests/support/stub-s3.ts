import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { StubProgram } from "./stub-program.ts";

/** What the AWS CLI does to buckets, done to folders of the same names. Nothing is put where a URL says `refused`. */
const BODY = (root: string) => `root='${root}'; at() { printf %s "$root/\${1#s3://}"; }
refuse() { echo "An error occurred ($1) when calling the $2 operation: $3" >&2; exit 254; }
case "$1 $2" in
"s3 cp") case "$4" in
  -) cat "$(at "$3")" ;;
  *refused*) refuse AccessDenied PutObject 'not for you' ;;
  *) mkdir -p "$(dirname "$(at "$4")")"; cp "$3" "$(at "$4")" ;;
  esac ;;
"s3 rm") rm -rf "$(at "$3")" ;;
"s3api head-object") [ -f "$root/$4/$6" ] || refuse 404 HeadObject 'Not Found'; echo '{}' ;;
"s3api list-objects-v2")
  found=$(cd "$root/$4" 2>/dev/null && TZ=UTC find . -type f -path "./$6*" -printf '{"Key":"%P","LastModified":"%TY-%Tm-%TdT%TH:%TM:00+00:00"}\\n' | paste -sd, -)
  [ -z "$found" ] || echo "{\\"Contents\\":[$found]}" ;;
*) exit 2 ;;
esac`;

/** An `aws` that keeps buckets as folders of `root`. Whether S3 would do the same is not known here. */
export class StubS3 extends StubProgram {
  readonly root: string;

  constructor(root = mkdtempSync(join(tmpdir(), "swarm-lab-s3-"))) {
    super("aws", BODY(root));
    this.root = root;
  }

  override [Symbol.dispose](): void {
    super[Symbol.dispose]();
    rmSync(this.root, { recursive: true });
  }
}
