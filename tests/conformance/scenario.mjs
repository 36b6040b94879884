// What every client has to manage: a query, mutations, mistakes, and a subscription up to its end.
//
// A client gives `ask(document, variables)`, which resolves to `{ data, errors }`, and
// `follow(document, variables, { next, error, complete })`. Documents are strings, and ask for __typename wherever
// Apollo would put it in.

const CREATE_CLIENT = `
  mutation CreateClient($input: CreateClientInput!) {
    createClient(input: $input) { __typename ... on Client { id phone } ... on PhoneAlreadyRegistered { message } }
  }`;
const CLIENTS = `query Clients($first: Int) { clients(first: $first) { __typename totalCount nodes { __typename id } } }`;
const CREATE_MAILING = `
  mutation CreateMailing($input: CreateMailingInput!) {
    createMailing(input: $input) { __typename ... on Mailing { id } }
  }`;
const CANCEL_MAILING = `
  mutation CancelMailing($id: ID!) {
    cancelMailing(input: { id: $id }) { __typename ... on Mailing { status } }
  }`;
const PROGRESS = `
  subscription Progress($id: ID!) { mailingProgress(mailingId: $id) { total mailing { id status } } }`;

export async function play({ ask, follow, close }) {
  const input = { phone: "79161234567", timezone: "Europe/Moscow" };
  const report = {
    created: (await ask(CREATE_CLIENT, { input })).data,
    again: (await ask(CREATE_CLIENT, { input })).data,
    listed: (await ask(CLIENTS, { first: 10 })).data,
    mistake: codes((await ask(CLIENTS, { first: 0 })).errors),
  };
  const mailing = { text: "Hello", startsAt: "2100-01-01T00:00:00Z", endsAt: "2100-01-02T00:00:00Z" };
  const { id } = (await ask(CREATE_MAILING, { input: mailing })).data.createMailing;
  report.states = [];
  await followed(follow, { id }, async (result) => {
    report.states.push(result.data.mailingProgress.mailing.status);
    if (report.states.length === 1) report.cancelled = (await ask(CANCEL_MAILING, { id })).data;
  });
  await followed(follow, { id: "mailing_404" }, (result) => (report.missing = codes(result.errors)));
  await close?.();
  return report;
}

// Resolves when the subscription completes, and on the errors that clients make of those in a result.
function followed(follow, variables, next) {
  return new Promise((resolve, reject) => {
    const error = (e) => {
      const errors = Array.isArray(e) ? e : (e.graphQLErrors ?? e.errors);
      if (!errors?.length) return reject(e);
      next({ errors });
      resolve();
    };
    const told = (result) => (result.errors?.length ? error(result) : next(result));
    follow(PROGRESS, variables, { next: told, error, complete: resolve });
  });
}

const codes = (errors) => errors.map((error) => error.extensions.code);
