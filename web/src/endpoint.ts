/** Which addresses reports may be posted to. */

const loopbackHost = /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/;

/** Nothing where it is none. An empty text would be the page's own address, which may answer 200 with the page. */
function parsed(endpoint: unknown, baseUrl: string | undefined): URL | undefined {
  try {
    if (endpoint && (typeof endpoint === 'string' || endpoint instanceof URL)) return new URL(endpoint, baseUrl);
  } catch {
    // It is no address.
  }
  return undefined;
}

/**
 * The endpoint as an absolute URL.
 *
 * @throws TypeError when it is no URL, or neither https, nor of the page's own origin, nor on the loopback interface
 */
export function resolveEndpoint(endpoint: unknown, baseUrl: string | undefined): string {
  const url = parsed(endpoint, baseUrl);
  if (!url) throw new TypeError(`linktrail: \`endpoint\` must be a URL, outside a page an absolute one, not "${String(endpoint)}".`);
  const { protocol, origin, hostname, href } = url;
  const isNear = (baseUrl && origin === new URL(baseUrl).origin) || loopbackHost.test(hostname);
  if (protocol !== 'https:' && (protocol !== 'http:' || !isNear)) {
    throw new TypeError(`linktrail: \`endpoint\` must be an https, same-origin or loopback URL, not "${href}".`);
  }
  return href;
}
