/** Whether an error of the file system says that there is no such file. */
export const missing = (error: unknown): boolean =>
  (error as NodeJS.ErrnoException).code === "ENOENT";
