import { graphql } from "../generated";

export const MAILING = graphql(`
  query Mailing($id: ID!) {
    mailing(id: $id) {
      startsAt
      window {
        opensAt
      }
    }
  }
`);

export const UPDATE = graphql(`
  mutation UpdateMailing($input: UpdateMailingInput!) {
    updateMailing(input: $input) {
      __typename
      ... on UserError {
        message
      }
    }
  }
`);

export const PROGRESS = graphql(`
  subscription Progress($id: ID!) {
    mailingProgress(mailingId: $id) {
      sent
      estimatedFinishAt
    }
  }
`);
