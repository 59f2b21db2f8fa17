// Every kind of finding, in platform.yaml, in schemas, in policies, in a plan. docs/errors.md is generated from this list.

interface FindingKind {
  /** one sentence, without names of the user's things */
  readonly meaning: string
}

function kinds<const T extends Readonly<Record<string, FindingKind>>>(table: T): T {
  return table
}

export const findingKinds = kinds({
  'yaml-syntax': { meaning: 'The file is not well-formed YAML.' },
  'yaml-encoding': { meaning: 'The file is not UTF-8.' },
  'yaml-empty': { meaning: 'The file has no content, or content that is no map.' },
  'yaml-too-large': { meaning: 'The file is larger, or nested deeper, than evplat reads.' },
  'yaml-documents': { meaning: 'The file holds more than one YAML document.' },
  'yaml-duplicate-key': { meaning: 'A key stands twice in one map.' },
  'yaml-key': { meaning: 'A key is no text.' },
  'yaml-alias': { meaning: 'An alias or a merge key cannot be resolved.' },
  'unset-variable': { meaning: 'A variable that the file uses has no value.' },
  'variable-syntax': { meaning: 'A `${` starts nothing that can be filled in.' },
  'secret-in-file': { meaning: 'A secret is written in the file instead of a variable.' },
  'api-version': { meaning: 'The file is written for another version of evplat.' },
  'unknown-key': { meaning: 'A key is not known at its place.' },
  'missing-key': { meaning: 'A key that must be there is missing.' },
  'invalid-value': { meaning: 'A value is not what its key takes.' },
  'not-in-this-version': { meaning: 'What the file asks for exists in the design of evplat, but not in this version.' },
  'invalid-name': { meaning: 'A name breaks the rules of what it names.' },
  'topic-name-clash': { meaning: 'Two topics have names that Kafka cannot keep apart, or the same name.' },
  'unknown-topic-config': { meaning: 'A config of a topic is not one of Kafka.' },
  'invalid-topic-config': { meaning: 'A config of a topic has a value that Kafka refuses.' },
  'removed-topic-config': { meaning: 'A config of a topic does not exist in the version of Kafka that is declared.' },
  'unknown-topic': { meaning: 'A service names a topic that is not declared.' },
  'unknown-environment': { meaning: 'A policy names an environment that is not declared.' },
  'port-clash': { meaning: 'Two servers or services want the same port.' },
  'file-missing': { meaning: 'A file that the platform names cannot be read.' },
  'file-outside': { meaning: 'A file that the platform names lies outside its folder.' },
  'schema-json': { meaning: 'A schema file is not well-formed JSON.' },
  'schema-invalid': { meaning: 'A schema file is not a valid Avro schema.' },
  'schema-unknown-type': { meaning: 'A schema uses a type that no schema defines.' },
  'schema-cycle': { meaning: 'Schema files refer to each other in a circle.' },
  'schema-declared-twice': { meaning: 'A type is declared twice, and differently.' },
  'subject-clash': { meaning: 'Topics share a subject without sharing its schema.' },
  'policy-pattern': { meaning: 'The pattern of a policy is no regular expression, or one that takes too long.' },
  'policy-topic-name': { meaning: 'A topic has a name that the policy `topic-name` does not allow.' },
  'policy-topic-owner': { meaning: 'A topic has no owner, and the policy `topic-owner` asks for one.' },
  'policy-replication': { meaning: 'A topic has fewer copies than the policy `replication` asks for.' },
  'min-insync-replicas': { meaning: 'A topic does not take writes when one broker, or any, is away.' },
  'retention-below-segment': { meaning: 'A topic keeps records much longer than its retention says.' },
  'conflicting-configs': { meaning: 'Two configs of a topic contradict each other, and Kafka refuses them.' },
  'config-without-effect': { meaning: 'A config of a topic does nothing because of another.' },
  'compacted-without-key': { meaning: 'A compacted topic has no declared key, and records without one are refused.' },
  drift: { meaning: 'The cluster or the registry is not as platform.yaml declares it.' },
  'generated-drift': { meaning: 'A generated file of a service is not what `evplat types` would write.' },
  'service-not-ready': {
    meaning: 'A declared service does not run on this machine (a warning), or runs and is not ready.',
  },
  'group-not-assigned': {
    meaning: 'A service runs, and partitions of topics that it consumes have no member that reads them.',
  },
  'undeclared-config': { meaning: 'A topic has a config set that platform.yaml does not name. It is never touched.' },
  'reassignment-in-progress': { meaning: 'Replicas of a topic are being moved, so their number is not compared.' },
  'newer-version-registered': {
    meaning: 'The declared schema is registered, and somebody registered a newer version after it.',
  },
})

export type FindingCode = keyof typeof findingKinds
