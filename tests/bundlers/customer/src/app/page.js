import { Verification } from './verification.js';

/** Rendered for each request, since it reads the address. */
export default async function Page({ searchParams }) {
  const { session } = await searchParams;
  return <Verification linkSessionId={session} />;
}
