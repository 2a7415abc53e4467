/** Whether two pulls of an image reference may give two images: no tag, or the tag latest, and no digest. */
export function isFloating(reference: string): boolean {
  if (reference.includes("@")) return false;
  const last = reference.slice(reference.lastIndexOf("/") + 1);
  return !last.includes(":") || last.endsWith(":latest");
}
