// An OpenID provider, certified and strict: PKCE is asked for, codes work once, and programs get JWTs.
// Prints where it is, and ends with its standard input.
//
// Anybody signs in by their name, with any password. What they may do stands in the claim `roles`.

import { createServer } from 'node:http';
import Provider, { interactionPolicy } from 'oidc-provider';

// oidc-provider wants it; Node.js has it from 22.1 on, and of the older ones not all do.
URL.parse ??= (text, base) => (URL.canParse(text, base) ? new URL(text, base) : null);

const PEOPLE = {
  ada: { name: 'Ada Lovelace', roles: ['admin'] },
  oscar: { name: 'Oscar <b>Wilde</b>', roles: ['operator', 'something else'] },
  vera: { name: 'Vera Rubin', roles: ['viewer'] },
  nemo: { name: 'Captain Nemo', roles: [] },
};
const PROGRAMS = { importer: ['operator'], stranger: [] };

// Of native applications the port of a loopback address may be any (RFC 8252, 7.3).
const browsers = {
  application_type: 'native',
  redirect_uris: ['http://127.0.0.1/auth/callback', 'http://localhost/auth/callback'],
  post_logout_redirect_uris: ['http://127.0.0.1/', 'http://localhost/'],
  grant_types: ['authorization_code'],
  response_types: ['code'],
};
const programs = { redirect_uris: [], response_types: [], grant_types: ['client_credentials'] };

// Nobody is asked what this application may know: its address is no stranger here.
const policy = interactionPolicy.base();
policy.get('consent').checks.remove('native_client_prompt');

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(url, {
    clients: [
      { ...browsers, client_id: 'mailing', client_secret: 'hush+%41/:' },
      { ...browsers, client_id: 'public', token_endpoint_auth_method: 'none' },
      ...Object.keys(PROGRAMS).map((client_id) => ({ ...programs, client_id, client_secret: 'hush' })),
    ],
    pkce: { required: () => true },
    scopes: ['openid', 'profile'],
    claims: { openid: ['sub'], profile: ['name', 'roles'] },
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, audience) => ({ scope: 'api', audience, accessTokenFormat: 'jwt', accessTokenTTL: 60 }),
      },
    },
    findAccount: (_, id) => PEOPLE[id] && { accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) },
    extraTokenClaims: (_, token) => ({ roles: PROGRAMS[token.clientId] }),
    interactions: { policy },
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc;
      const known = session.grantIdFor(client.clientId);
      if (known) return provider.Grant.find(known);
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  });
  provider.on('server_error', (_, error) => console.error(error));
  server.on('request', provider.callback());
  console.log(JSON.stringify({ url }));
});

process.stdin.resume().on('end', () => process.exit());
