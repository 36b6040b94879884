/** All texts in Russian, a file for each part of the UI. */

import type { english } from './english';
import clients from './ru/clients.json';
import common from './ru/common.json';
import explanation from './ru/explanation.json';
import mailing from './ru/mailing.json';
import mailings from './ru/mailings.json';
import messages from './ru/messages.json';
import overview from './ru/overview.json';
import problems from './ru/problems.json';
import provider from './ru/provider.json';
import report from './ru/report.json';
import timeline from './ru/timeline.json';
import tokens from './ru/tokens.json';

export const russian = {
  clients,
  common,
  explanation,
  mailing,
  mailings,
  messages,
  overview,
  problems,
  provider,
  report,
  timeline,
  tokens,
} satisfies Record<keyof typeof english, object>;
