// Two clients of Python: confluent-kafka is librdkafka of today, kafka-python shares no code with any other.
import { findPython } from '../support/python.ts'
import { clients } from './clients.ts'
import { type Report, parseReport } from './exercise.ts'
import { judge } from './judge.ts'

const python = findPython()

/** Plays one of the scripts of test/python. */
const playing =
  (script: string) =>
  async (bootstrap: string): Promise<Report> => {
    if ('missing' in python) throw new Error(python.missing)
    return parseReport((await python.run(script, bootstrap)).trim().split('\n'))
  }

const missing = 'missing' in python ? python.missing : undefined
judge(clients['confluent-kafka'], playing('confluent_exercise.py'), missing)
judge(clients['kafka-python'], playing('kafka_python_exercise.py'), missing)
