// graphql-inspector's findings between the schemas at the two paths given, the older first: what each changes, whether
// that is BREAKING, DANGEROUS or NON_BREAKING for clients, and where. Prints them as JSON, the worst first.
import { readFileSync } from "node:fs";
import { diff } from "@graphql-inspector/core";
import { buildSchema } from "graphql";

const LEVELS = ["BREAKING", "DANGEROUS", "NON_BREAKING"];

const [before, after] = process.argv.slice(2).map((path) => buildSchema(readFileSync(path, "utf8")));
const changes = (await diff(before, after)).map(({ criticality, message, path }) => ({
  level: criticality.level,
  message,
  path,
}));
changes.sort((one, other) => LEVELS.indexOf(one.level) - LEVELS.indexOf(other.level));
console.log(JSON.stringify(changes));
