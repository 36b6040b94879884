// The audits of graphql-http against the server at the address given; prints those that it does not pass.
import { auditServer } from "graphql-http";

const results = await auditServer({ url: `http://${process.argv[2]}/graphql` });
const failed = results
  .filter((result) => result.status !== "ok")
  .map(({ id, name, reason }) => ({ id, name, reason }));
console.log(JSON.stringify({ passed: results.length - failed.length, failed }));
