/**
 * Plaid as this backend needs it: a link token, a fresh start, and the truth about a session. Everything goes
 * through Plaid's own package, to Plaid's Sandbox or to the stand-in; nothing of a person leaves this file.
 */

import { Configuration, CountryCode, PlaidApi, PlaidEnvironments, Products, Strategy } from 'plaid';
import { field } from '../json.ts';
import type { Scenario } from '../scenarios.ts';

export interface PlaidKeys {
  readonly clientId: string;
  readonly secret: string;
  readonly templateId: string;
}

/** What one look at a session gave. */
export type Look =
  | { readonly kind: 'known'; readonly userId: string; readonly status: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unreachable' };

export interface PlaidDesk {
  /** A link token for the user's newest unfinished session, or a new one. */
  linkToken(userId: string, scenario: Scenario): Promise<string>;
  /** Has Plaid make a new session where the user already has one; a finished one is never served again without it. */
  startOver(userId: string): Promise<void>;
  look(linkSessionId: string): Promise<Look>;
}

/** Codes that speak of our keys and not of the id asked for. */
const ourFault = [
  'INVALID_API_KEYS',
  'UNAUTHORIZED_ENVIRONMENT',
  'UNAUTHORIZED_ROUTE_ACCESS',
  'INVALID_PRODUCT',
  'PRODUCTS_NOT_SUPPORTED',
];

/** Whether Plaid itself answered that it does not know the id. */
function saysUnknown(error: unknown): boolean {
  const answer = field(error, 'response');
  const status = field(answer, 'status');
  const code = field(field(answer, 'data'), 'error_code');
  return (status === 400 || status === 404) && typeof code === 'string' && !ourFault.includes(code);
}

export interface DeskOptions {
  readonly keys: PlaidKeys;
  /** Where the stand-in listens; null for Plaid's Sandbox. */
  readonly standInAt: string | null;
}

export function openPlaidDesk({ keys, standInAt }: DeskOptions): PlaidDesk {
  const client = new PlaidApi(
    new Configuration({
      basePath: standInAt ?? PlaidEnvironments['sandbox'] ?? 'https://sandbox.plaid.com',
      baseOptions: {
        headers: { 'PLAID-CLIENT-ID': keys.clientId, 'PLAID-SECRET': keys.secret },
        timeout: 8_000,
        // A proxy of this machine has no business between us and a server on loopback.
        ...(standInAt === null ? {} : { proxy: false }),
      },
    }),
  );
  return {
    async linkToken(userId, scenario) {
      const { data } = await client.linkTokenCreate({
        client_name: 'linktrail demo',
        language: 'en',
        country_codes: [CountryCode.Us],
        products: [Products.IdentityVerification],
        user: { client_user_id: userId },
        identity_verification: { template_id: keys.templateId },
        // The stand-in reads the scenario here; Plaid would look for a customization of that name.
        ...(standInAt === null ? {} : { link_customization_name: scenario }),
      });
      return data.link_token;
    },
    async startOver(userId) {
      const { data } = await client.identityVerificationList({
        template_id: keys.templateId,
        client_user_id: userId,
      });
      if (data.identity_verifications.length === 0) return;
      await client.identityVerificationRetry({
        client_user_id: userId,
        template_id: keys.templateId,
        strategy: Strategy.Reset,
      });
    },
    async look(linkSessionId) {
      try {
        const { data } = await client.identityVerificationGet({ identity_verification_id: linkSessionId });
        return { kind: 'known', userId: data.client_user_id, status: data.status };
      } catch (error) {
        // Every failure is an answer here. The error itself holds our secret in its headers and goes no further.
        return saysUnknown(error) ? { kind: 'unknown' } : { kind: 'unreachable' };
      }
    },
  };
}
