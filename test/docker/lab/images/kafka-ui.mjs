// Stands in for kafka-ui: answers as it does that it is well, and shows what it was told.
import { createServer } from 'node:http'

const told = Object.entries(process.env).filter(([name]) => name.startsWith('KAFKA_CLUSTERS_'))

const server = createServer((request, response) => {
  if (request.url === '/actuator/health') {
    response.setHeader('content-type', 'application/json')
    response.end('{"status":"UP"}')
  } else if (request.url === '/') {
    response.setHeader('content-type', 'text/html')
    response.end(`<title>UI for Apache Kafka</title>\n${told.map(([name, value]) => `${name}=${value}\n`).join('')}`)
  } else {
    response.statusCode = 404
    response.end()
  }
})
server.listen(Number(process.env.SERVER_PORT ?? 8080), '0.0.0.0', () => console.log('Started KafkaUiApplication'))
process.once('SIGTERM', () => process.exit(143))
