/** The server that a script came from, by the script's URL; undefined for a copy in a bundle of the shop's own. */
export function baseUrlOf(scriptUrl: string): string | undefined {
  return /^(https?:\/\/.+)\/sdk\/commerce\.m?js(?:[?#].*)?$/.exec(scriptUrl)?.[1];
}
