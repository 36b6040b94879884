// What only a schema by Relay's rules compiles: node ids, connections, and fragments that fetch themselves anew.
import { graphql } from "relay-runtime";

export const query = graphql`
  query ClientsQuery($first: Int!) {
    ...Clients_list @arguments(count: $first)
    node(id: "client_1") {
      ...Clients_messages @alias
    }
  }
`;

export const list = graphql`
  fragment Clients_list on Query
  @argumentDefinitions(cursor: { type: "String" }, count: { type: "Int", defaultValue: 50 })
  @refetchable(queryName: "ClientsPaginationQuery") {
    clients(after: $cursor, first: $count) @connection(key: "Clients_clients") {
      edges {
        node {
          id
          phone
        }
      }
    }
  }
`;

export const messages = graphql`
  fragment Clients_messages on Client
  @argumentDefinitions(cursor: { type: "String" }, count: { type: "Int", defaultValue: 10 })
  @refetchable(queryName: "ClientsMessagesQuery") {
    messages(after: $cursor, first: $count) @connection(key: "Clients_messages") {
      edges {
        node {
          status
        }
      }
    }
  }
`;

export const remove = graphql`
  mutation ClientsDeleteMutation($input: DeleteClientInput!) {
    deleteClient(input: $input) {
      ... on Deleted {
        id @deleteRecord
      }
      ... on UserError {
        message
      }
    }
  }
`;

export const progress = graphql`
  subscription ClientsProgressSubscription($id: ID!) {
    mailingProgress(mailingId: $id) {
      sent
    }
  }
`;
