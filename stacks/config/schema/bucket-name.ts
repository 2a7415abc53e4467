import { matching } from "./leaves.ts";

/** No dots: the certificate of S3 does not cover a name that has them. */
export const bucketName = matching(
  /^(?!xn--|sthree-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9](?<!-s3alias|--ol-s3|--x-s3)$/,
  "a bucket's name: 3 to 63 lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
  "bucket",
);
