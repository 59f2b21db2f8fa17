// How the JVMs log: one line an entry with an ISO time in front, into a file of its own that rolls over.
import { type Properties, propertiesText } from './properties-text.ts'
import type { Release } from './releases.ts'

export interface LoggingConfig {
  /** name of the file */
  readonly name: string
  readonly content: string
  /** what tells a JVM to use it, given where it stands */
  readonly option: (path: string) => string
}

/** The system property that names the log file of a JVM. */
export const logFileProperty = 'evplat.log'

const megabytes = 10
const kept = 3

/** All that they were told stands in their properties files: 200 lines of it at each start hide what matters. */
const quiet: readonly string[] = [
  'org.apache.kafka.common.config.AbstractConfig',
  'kafka.server.KafkaConfig',
  'org.apache.kafka.clients',
  'org.apache.zookeeper.server.NIOServerCnxn',
]

function log4j(): string {
  const properties: Properties = {
    'log4j.rootLogger': 'INFO, file',
    'log4j.appender.file': 'org.apache.log4j.RollingFileAppender',
    'log4j.appender.file.File': `\${${logFileProperty}}`,
    'log4j.appender.file.MaxFileSize': `${megabytes}MB`,
    'log4j.appender.file.MaxBackupIndex': kept,
    'log4j.appender.file.layout': 'org.apache.log4j.PatternLayout',
    'log4j.appender.file.layout.ConversionPattern': "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %p %m (%c)%n",
    ...Object.fromEntries(quiet.map((name) => [`log4j.logger.${name}`, 'WARN'])),
  }
  return propertiesText(properties)
}

function log4j2(): string {
  const file = `\${sys:${logFileProperty}}`
  return `<?xml version="1.0" encoding="UTF-8"?>
<Configuration status="ERROR">
  <Appenders>
    <RollingFile name="file" fileName="${file}" filePattern="${file}.%i">
      <PatternLayout pattern="%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %p %m (%c)%n%ex"/>
      <SizeBasedTriggeringPolicy size="${megabytes} MB"/>
      <DefaultRolloverStrategy max="${kept}" fileIndex="min"/>
    </RollingFile>
  </Appenders>
  <Loggers>
    <Root level="INFO"><AppenderRef ref="file"/></Root>
${quiet.map((name) => `    <Logger name="${name}" level="WARN"/>\n`).join('')}  </Loggers>
</Configuration>
`
}

/** The logging configuration that a release understands. */
export function loggingConfig({ logging }: Release): LoggingConfig {
  return logging === 'log4j'
    ? { name: 'log4j.properties', content: log4j(), option: (path) => `-Dlog4j.configuration=file:${path}` }
    : { name: 'log4j2.xml', content: log4j2(), option: (path) => `-Dlog4j2.configurationFile=${path}` }
}
