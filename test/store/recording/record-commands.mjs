import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/**
 * Appends the features of MongoDB that each command of this process uses to the file `RECORDED_FEATURES`, one a line.
 * Preloaded into every process of a recording with `NODE_OPTIONS=--import=…`.
 */
const file = process.env.RECORDED_FEATURES ?? '';
const { MongoClient } = createRequire(import.meta.url)('mongodb');

const seen = new Set();
const record = (feature) => {
  if (seen.has(feature)) return;
  seen.add(feature);
  appendFileSync(file, `${feature}\n`);
};

const { connect } = MongoClient.prototype;
MongoClient.prototype.connect = function connectRecorded() {
  if (!this.monitorCommands) {
    this.monitorCommands = true;
    this.options.monitorCommands = true;
    this.s.options.monitorCommands = true;
    this.on('commandStarted', ({ command, commandName }) => recordCommand(commandName, command));
  }
  return connect.call(this);
};

const isPlain = (value) => value?.constructor === Object || value instanceof Map;
const entries = (value) =>
  isPlain(value) ? (value instanceof Map ? [...value] : Object.entries(value)) : [];
const isOperator = (name) => name.startsWith('$');

function recordCommand(name, command) {
  record(`command ${name}`);
  for (const [option] of entries(command)) if (option !== name) record(`option ${name}.${option}`);
  for (const list of ['updates', 'deletes', 'indexes', 'ops'])
    for (const item of command[list] ?? [])
      for (const [option] of entries(item)) record(`item ${name}.${option}`);
  recordFilter(command.filter);
  recordFilter(command.query);
  recordProjection(command.projection);
  recordProjection(command.fields);
  recordUpdate(command.update);
  for (const { q, u } of [...(command.updates ?? []), ...(command.deletes ?? [])]) {
    recordFilter(q);
    recordUpdate(u);
  }
  for (const { partialFilterExpression } of command.indexes ?? []) recordFilter(partialFilterExpression);
  if (Array.isArray(command.pipeline)) recordPipeline(command.pipeline, 'stage');
  if (isPlain(command.explain)) recordCommand(entries(command.explain)[0][0], command.explain);
}

function recordFilter(filter) {
  for (const [name, value] of entries(filter)) {
    if (isOperator(name)) record(`query ${name}`);
    if (value instanceof RegExp || value?._bsontype === 'BSONRegExp') record('query $regex');
    if (Array.isArray(value)) for (const item of value) recordFilter(item);
    else recordFilter(value);
  }
}

function recordUpdate(update) {
  if (Array.isArray(update)) return recordPipeline(update, 'update stage');
  for (const [name, fields] of entries(update)) {
    if (!isOperator(name)) continue;
    record(`update ${name}`);
    for (const [, operand] of entries(fields)) {
      if (name === '$pull') recordFilter(operand);
      else
        for (const [modifier] of entries(operand)) if (isOperator(modifier)) record(`modifier ${modifier}`);
    }
  }
}

function recordPipeline(pipeline, kind) {
  for (const stage of pipeline)
    for (const [name, spec] of entries(stage)) {
      record(`${kind} ${name}`);
      if (name === '$match') recordFilter(spec);
      else if (name === '$group') recordGroup(spec);
      else if (name === '$unionWith') recordPipeline(spec.pipeline ?? [], kind);
      else if (name !== '$sort' && name !== '$unset') recordProjection(spec);
    }
}

function recordGroup(spec) {
  for (const [field, value] of entries(spec)) {
    if (field === '_id') recordProjection(value);
    else
      for (const [accumulator, operand] of entries(value)) {
        record(`accumulator ${accumulator}`);
        recordProjection(operand);
      }
  }
}

function recordProjection(value) {
  if (typeof value === 'string' && value.startsWith('$$')) record(`variable ${value.split('.')[0]}`);
  if (Array.isArray(value)) for (const item of value) recordProjection(item);
  for (const [name, operand] of entries(value)) {
    if (isOperator(name)) record(`expression ${name}`);
    if (name !== '$literal') recordProjection(operand);
  }
}
