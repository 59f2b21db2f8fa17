// Every error that evplat gives: its exit code, what it means, and what to do. docs/errors.md is generated from this list.
import { exitCode } from './exit-codes.ts'

interface ErrorKind {
  readonly exit: number
  /** one sentence, without names of the user's things */
  readonly meaning: string
}

function kinds<const T extends Readonly<Record<string, ErrorKind>>>(table: T): T {
  return table
}

export const errorKinds = kinds({
  // the command line
  usage: { exit: exitCode.usage, meaning: 'The command line is not understood: an unknown command, option or value.' },
  'not-in-this-version': {
    exit: exitCode.usage,
    meaning: 'What was asked for exists in the design of evplat, but not in this version.',
  },
  'needs-terminal': {
    exit: exitCode.usage,
    meaning: 'A question has to be answered, and there is no terminal to ask on.',
  },
  interrupted: {
    exit: exitCode.interrupted,
    meaning: 'The work was stopped: by Ctrl-C, by SIGTERM, or by a question that was not answered with yes.',
  },
  'bad-input': { exit: exitCode.failed, meaning: 'A line of input is not a record that can be written.' },
  'would-overwrite': {
    exit: exitCode.failed,
    meaning: 'A file that is to be written is there already. Nothing was written.',
  },
  'file-unusable': {
    exit: exitCode.failed,
    meaning: 'A file system refuses a file or a folder: it is full, or read-only, or this user may not.',
  },
  'demo-failed': { exit: exitCode.failed, meaning: 'A step of the demo failed; its own error stands above.' },
  // platform.yaml
  'platform-missing': { exit: exitCode.failed, meaning: 'There is no platform.yaml where it was looked for.' },
  'platform-unreadable': { exit: exitCode.failed, meaning: 'platform.yaml is there and cannot be read.' },
  'platform-invalid': {
    exit: exitCode.failed,
    meaning: 'platform.yaml, or a file that it names, has errors; each is told with its place.',
  },
  'unknown-environment': {
    exit: exitCode.usage,
    meaning: 'The environment that was asked for is not declared in platform.yaml.',
  },
  'already-declared': {
    exit: exitCode.failed,
    meaning: 'What is to be added to platform.yaml stands there already. Nothing was written.',
  },
  'not-declared': {
    exit: exitCode.failed,
    meaning: 'A topic or a service that was named is not declared in platform.yaml. Nothing was written.',
  },
  'platform-not-editable': {
    exit: exitCode.failed,
    meaning: 'platform.yaml is written in a way that only its author can extend, for example by an alias.',
  },
  // the settings of a service
  'settings-invalid': {
    exit: exitCode.failed,
    meaning: 'A setting of a service is missing or wrong, in application.yaml, the environment or the arguments.',
  },
  // the cluster
  'broker-unreachable': {
    exit: exitCode.unreachable,
    meaning: 'No broker of the cluster answers, or not in the protocol of Kafka.',
  },
  'tls-untrusted': { exit: exitCode.unreachable, meaning: 'The certificate of a server is not to be trusted.' },
  'not-authenticated': {
    exit: exitCode.unauthorised,
    meaning: 'The cluster refuses the user, the password or the mechanism.',
  },
  'not-authorised': { exit: exitCode.unauthorised, meaning: 'The user is known and may not do this.' },
  'wrong-cluster': {
    exit: exitCode.blocked,
    meaning: 'The cluster that answers is not the one that platform.yaml names.',
  },
  'broker-refused': {
    exit: exitCode.failed,
    meaning: 'The broker understood a request and does not do it; it says why.',
  },
  'broker-too-old': {
    exit: exitCode.failed,
    meaning: 'The broker does not know a request, or a part of it, that is needed here.',
  },
  'malformed-message': {
    exit: exitCode.failed,
    meaning: 'A message of the Kafka protocol, or a record, is not well-formed.',
  },
  'topic-missing': { exit: exitCode.failed, meaning: 'The cluster has no topic of that name, or it may not be seen.' },
  'group-missing': {
    exit: exitCode.failed,
    meaning: 'The cluster has no consumer group of that name, or it may not be seen.',
  },
  protected: {
    exit: exitCode.blocked,
    meaning: 'What was to be deleted belongs to the cluster itself, or a policy forbids deletes.',
  },
  // the Schema Registry
  'registry-unreachable': {
    exit: exitCode.unreachable,
    meaning: 'The Schema Registry gives no answer: refused, unknown host, or too late.',
  },
  'registry-not-a-registry': {
    exit: exitCode.unreachable,
    meaning: 'Something answers at the address of the Schema Registry that is none.',
  },
  'registry-unauthorised': {
    exit: exitCode.unauthorised,
    meaning: 'The Schema Registry wants other credentials, or the credentials may not do this.',
  },
  'registry-refused': {
    exit: exitCode.failed,
    meaning: 'The Schema Registry refused a request; its own words stand in the error.',
  },
  'subject-missing': {
    exit: exitCode.failed,
    meaning: 'The Schema Registry has no subject of that name, or not that version.',
  },
  'schema-not-registered': {
    exit: exitCode.failed,
    meaning: 'The schema that platform.yaml declares is not in the Schema Registry yet.',
  },
  // the stack
  'project-taken': {
    exit: exitCode.failed,
    meaning: 'The container engine has containers or volumes of another platform of the same name.',
  },
  'stack-missing': { exit: exitCode.failed, meaning: 'No stack of this platform was started on this machine.' },
  'stack-changed': {
    exit: exitCode.failed,
    meaning: 'The stack runs, or its data was written, with settings other than those that platform.yaml declares.',
  },
  'runtime-away': {
    exit: exitCode.failed,
    meaning: 'The data of the stack is that of a runtime which this machine can not run any more.',
  },
  'stack-busy': { exit: exitCode.failed, meaning: 'Another evplat has been working on the same stack for too long.' },
  'stack-unreadable': { exit: exitCode.failed, meaning: 'What evplat noted about the stack is not what it writes.' },
  'server-away': {
    exit: exitCode.failed,
    meaning: 'A server was asked for by its name, and the runtime can not give it on this machine.',
  },
  'database-refused': {
    exit: exitCode.failed,
    meaning: 'A database server is ready, and refuses to give a service its user or its database.',
  },
  'server-failed': { exit: exitCode.failed, meaning: 'A server of the stack ended by itself while it was started.' },
  'server-not-ready': { exit: exitCode.failed, meaning: 'A server of the stack runs and does not answer in time.' },
  'server-not-stopped': { exit: exitCode.failed, meaning: 'A server of the stack is still there after it was killed.' },
  'registry-topic-unusable': {
    exit: exitCode.failed,
    meaning:
      'The topic that our Schema Registry keeps its schemas in is not as it must be, or another program writes to it.',
  },
  'java-missing': { exit: exitCode.failed, meaning: 'The native runtime needs Java, and there is none.' },
  'java-too-old': { exit: exitCode.failed, meaning: 'The Java of this machine is too old for the version of Kafka.' },
  'maven-missing': { exit: exitCode.failed, meaning: 'Kafka has to be fetched, and there is no Maven to fetch it.' },
  'npm-missing': { exit: exitCode.failed, meaning: 'PostgreSQL has to be fetched, and there is no npm to fetch it.' },
  'download-failed': {
    exit: exitCode.failed,
    meaning: 'Kafka, PostgreSQL or an image of a container could not be fetched, or not as it should be.',
  },
  'kafka-home-unusable': {
    exit: exitCode.failed,
    meaning: 'KAFKA_HOME names no Kafka, or another version than platform.yaml.',
  },
  'port-taken': {
    exit: exitCode.failed,
    meaning:
      'A server of the stack or a service can not have its port: another process listens there, or the system keeps it.',
  },
  // the container engine
  'engine-missing': {
    exit: exitCode.unreachable,
    meaning: 'The stack is to run in containers, and no engine answers.',
  },
  'engine-denied': {
    exit: exitCode.unauthorised,
    meaning: 'A container engine is there, and this user may not use it.',
  },
  'engine-unsupported': {
    exit: exitCode.usage,
    meaning:
      'The container engine that was chosen is one that evplat does not speak to: by ssh, too old, or none at all.',
  },
  'engine-away': {
    exit: exitCode.unreachable,
    meaning: 'The container engine has answered before and does not any more.',
  },
  'engine-refused': {
    exit: exitCode.failed,
    meaning: 'The container engine refused a request; its own words stand in the error.',
  },
  'name-taken': { exit: exitCode.failed, meaning: 'The container engine has another container of that name.' },
  'image-missing': {
    exit: exitCode.failed,
    meaning: 'An image of a container is neither there nor to be had by this user.',
  },
  'image-unfit': { exit: exitCode.failed, meaning: 'An image is made for another processor or another system.' },
  'disk-full': { exit: exitCode.failed, meaning: 'The container engine has no room left on its disk.' },
  // the embedded broker
  'data-locked': { exit: exitCode.failed, meaning: 'Another process has the data of an embedded broker open.' },
  'loopback-only': {
    exit: exitCode.usage,
    meaning: 'The embedded broker was to be reached from other machines, and it is for this one alone.',
  },
  'fault-invalid': { exit: exitCode.failed, meaning: 'What was sent to the fault endpoint is not a fault rule.' },
})

export type ErrorCode = keyof typeof errorKinds
