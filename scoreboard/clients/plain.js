// The request policy of plaid/idv-quickstart: one fetch, and only a status of 500 is an error.
export function start({ endpoint, onError }) {
  async function callMyServer(body) {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (response.status === 500) return;
    await response.json();
  }
  return { complete: (id) => void callMyServer({ idvSession: id }).catch(onError) };
}
