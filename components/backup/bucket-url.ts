/** Begins the URL of a bucket of S3, or of a folder in one. */
const BUCKET_URL = "s3://";

/** Whether a place for backups is a bucket, and no folder. */
export const isBucketUrl = (where: string): boolean => where.startsWith(BUCKET_URL);
