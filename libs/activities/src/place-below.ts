/**
 * Where something lies, as a result names it: below the folder of the programme where that is on a disk, so that the result
 * holds wherever the folder is; else its URI.
 *
 * @param folder URI of the programme's folder.
 */
export function placeBelow(folder: string, uri: string): string {
  const root = rootOf(folder);
  return root.startsWith('file:') && uri.startsWith(root) ? decodeURIComponent(uri.slice(root.length)) : uri;
}

/** A text without the programme's folder, where that is on a disk, before what it names. */
export function withoutFolder(folder: string, text: string): string {
  const root = rootOf(folder);
  return root.startsWith('file:') ? text.replaceAll(root, '') : text;
}

function rootOf(folder: string): string {
  return `${folder.replace(/\/$/, '')}/`;
}
