// ESLint's rules for schemas on the schema at the path given; prints what they object to.
import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import graphql from "@graphql-eslint/eslint-plugin";
import { ESLint } from "eslint";
import { buildSchema } from "graphql";

// Parts of other objects, and what there is one of.
const PARTS = [
  ...["Audience", "AudienceGroup", "BrowserSession", "ClientsImported", "DeliveryAttempt", "Explanation", "FilterMatch"],
  ...["InputProblem", "LocalTimeWindow", "MailingFilter", "MailingHistory", "MailingHistoryStep", "MailingRisk", "PageInfo"],
  ...["ProviderHealth", "ReportPreview", "ReportSent", "RowProblem", "TimelineEntry", "ValueChange", "Viewer", "WindowVerdict"],
];

const path = process.argv[2];
const schema = buildSchema(readFileSync(path, "utf8"));
const errors = schema.getPossibleTypes(schema.getType("UserError")).map((type) => type.name);
const config = {
  files: ["**/*.graphql"],
  languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: path } } },
  plugins: { "@graphql-eslint": graphql },
  rules: {
    ...graphql.configs["flat/schema-recommended"].rules,
    "@graphql-eslint/require-description": [
      "error",
      { types: true, FieldDefinition: true, InputValueDefinition: true, EnumValueDefinition: true, rootField: true },
    ],
    // What cannot be asked for by itself has no id.
    "@graphql-eslint/strict-id-in-types": [
      "error",
      {
        exceptions: {
          suffixes: ["Connection", "Edge", "Count", "Progress", "Statistics", "Created", "Creator"],
          types: [...PARTS, ...errors],
        },
      },
    ],
  },
};
const eslint = new ESLint({ cwd: dirname(path), overrideConfigFile: true, overrideConfig: config });
const [{ messages }] = await eslint.lintFiles([path]);
console.log(JSON.stringify(messages.map(({ line, ruleId, message }) => ({ line, ruleId, message }))));
