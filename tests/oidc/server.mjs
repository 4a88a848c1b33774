// An authorization server that somebody else wrote (oidc-provider), and a FHIR address that only its tokens open.
// Over plain HTTP, in memory, on loopback.
//
//   node server.mjs --jwks URL
//
// When it is ready it prints one line: `EHR ready at http://127.0.0.1:PORT/fhir`. The client `hub-key` proves itself
// with a key of the set at URL, `hub-basic` and `hub-post` with the secret below. `GET /$seen` counts tokens and reads,
// `POST /$end` ends all tokens before their time; neither is part of a standard.

import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

import Provider from 'oidc-provider';

const SECRET = 'p+q&r=%~ with a space';
const GRANTED = 'system/Appointment.rs system/Patient.rs';
const SCOPES = [...GRANTED.split(' '), 'system/Observation.crus'];
const SIGNED_BY = ['RS384', 'ES384'];

const { values: options } = parseArgs({ options: { jwks: { type: 'string' } } });

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const origin = `http://127.0.0.1:${server.address().port}`;

const client = (id, method, more) => ({
  client_id: id,
  token_endpoint_auth_method: method,
  grant_types: ['client_credentials'],
  response_types: [],
  redirect_uris: [],
  scope: SCOPES.join(' '),
  ...more,
});

const provider = new Provider(origin, {
  clients: [
    client('hub-key', 'private_key_jwt', { jwks_uri: options.jwks }),
    client('hub-basic', 'client_secret_basic', { client_secret: SECRET }),
    client('hub-post', 'client_secret_post', { client_secret: SECRET }),
  ],
  scopes: SCOPES,
  clientAuthMethods: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
  enabledJWA: { clientAuthSigningAlgValues: SIGNED_BY },
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    // Who asks for more than the resource has gets a token without any scope, and 200.
    resourceIndicators: {
      enabled: true,
      defaultResource: () => `${origin}/fhir`,
      getResourceServerInfo: () => ({ scope: GRANTED, accessTokenFormat: 'opaque' }),
    },
  },
  // It refuses to fetch keys from this machine itself, where the hub of the tests is.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
  ttl: { ClientCredentials: 300 },
});

const seen = { tokens: 0, reads: 0, refused: 0 };
let ended = 0;
const issued = new Map();
provider.on('client_credentials.saved', (token) => issued.set(token.jti, (seen.tokens += 1)));
provider.on('grant.error', (_, error) => console.log(`refused: ${error.error} ${error.error_description ?? ''} ${error.error_detail ?? error.message}`));
const oauth = provider.callback();

server.on('request', async (request, response) => {
  const { pathname } = new URL(request.url, origin);
  if (pathname === '/$seen') return send(response, 200, seen);
  if (pathname === '/$end') {
    ended = seen.tokens;
    return send(response, 200, seen);
  }
  if (!pathname.startsWith('/fhir/')) return oauth(request, response);
  const path = pathname.slice('/fhir/'.length);
  if (path === '.well-known/smart-configuration') {
    return send(response, 200, {
      token_endpoint: `${origin}/token`,
      token_endpoint_auth_methods_supported: ['private_key_jwt', 'client_secret_basic', 'client_secret_post'],
      token_endpoint_auth_signing_alg_values_supported: SIGNED_BY,
      grant_types_supported: ['client_credentials'],
      scopes_supported: SCOPES,
      capabilities: ['client-confidential-asymmetric', 'permission-v2'],
    });
  }
  if (!(await isOpen(request))) {
    seen.refused += 1;
    return send(response, 401, { resourceType: 'OperationOutcome', issue: [{ severity: 'error', code: 'login' }] });
  }
  if (path === 'metadata') {
    return send(response, 200, { resourceType: 'CapabilityStatement', fhirVersion: '4.0.1', software: { name: 'oidc' } });
  }
  seen.reads += 1;
  send(response, 200, { resourceType: 'Bundle', type: 'searchset', entry: [] });
});

async function isOpen(request) {
  const [kind, value] = (request.headers.authorization ?? '').split(' ');
  const token = kind === 'Bearer' && (await provider.ClientCredentials.find(value));
  return Boolean(token) && issued.get(token.jti) > ended;
}

function send(response, status, body) {
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

console.log(`EHR ready at ${origin}/fhir`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
