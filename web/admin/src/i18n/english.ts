/** All texts in English, a file for each part of the UI. */

import clients from './en/clients.json';
import common from './en/common.json';
import explanation from './en/explanation.json';
import mailing from './en/mailing.json';
import mailings from './en/mailings.json';
import messages from './en/messages.json';
import overview from './en/overview.json';
import problems from './en/problems.json';
import provider from './en/provider.json';
import report from './en/report.json';
import timeline from './en/timeline.json';
import tokens from './en/tokens.json';

export const english = {
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
};
