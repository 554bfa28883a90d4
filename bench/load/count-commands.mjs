// node --import ./count-commands.mjs …: counts the commands of the MongoDB driver. On SIGUSR2 it writes the
// counts to COUNT_FILE and resets them.
import { renameSync, writeFileSync } from 'node:fs';
import { MongoClient } from 'mongodb';

// Not an argument: those are the app's, in whose process this runs.
const file = process.env.COUNT_FILE;
const watched = new WeakSet();
let counts = new Map();

const { connect } = MongoClient.prototype;
MongoClient.prototype.connect = function connectAndCount(...args) {
  if (!watched.has(this)) {
    watched.add(this);
    this.monitorCommands = true;
    this.on('commandStarted', ({ commandName, command }) => {
      const namespaces = command.nsInfo?.map(({ ns }) => ns.slice(ns.indexOf('.') + 1));
      const name = `${commandName} ${namespaces?.join(', ') ?? command[commandName]}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    });
  }
  return connect.apply(this, args);
};

process.on('SIGUSR2', () => {
  writeFileSync(`${file}.new`, JSON.stringify([...counts]));
  renameSync(`${file}.new`, file);
  counts = new Map();
});
