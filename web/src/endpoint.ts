/** Which addresses reports may be posted to. */

const loopbackHost = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/;

/**
 * The endpoint as an absolute URL.
 *
 * @throws TypeError when it is no URL, or neither https, nor of the page's own origin, nor on the loopback interface
 */
export function resolveEndpoint(endpoint: unknown, baseUrl: string | undefined): string {
  if (typeof endpoint !== 'string' && !(endpoint instanceof URL)) {
    throw new TypeError('linktrail: `endpoint` is required, as a string or a URL.');
  }
  let url: URL;
  try {
    url = new URL(endpoint, baseUrl);
  } catch {
    throw new TypeError(
      `linktrail: \`endpoint\` is not a URL: "${String(endpoint)}"${baseUrl === undefined ? '; outside a page it must be absolute' : ''}.`,
    );
  }
  const isOwnOrigin = baseUrl !== undefined && url.origin === new URL(baseUrl).origin;
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  if (!isHttp || !(url.protocol === 'https:' || isOwnOrigin || loopbackHost.test(url.hostname))) {
    throw new TypeError(
      `linktrail: \`endpoint\` must be https, same-origin or loopback, not "${url.href}".`,
    );
  }
  return url.href;
}
