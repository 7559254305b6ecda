/**
 * Keys of format version 1 whose feature this release does not have, by their place without indexes. They are refused
 * by name rather than ignored, so that no document relies on protection or behaviour that is not there.
 */
export const NOT_YET: Readonly<Record<string, string>> = {
  'services.https': 'HTTPS for clients',
  'settings.logs': 'keeping log files',
  certificates: 'certificates',
}
