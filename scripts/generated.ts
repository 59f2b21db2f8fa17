// Every file of the repository that is made from the sources: `npm run generate` writes them, test/house/generated.test.ts compares.
import { editorSchema } from '../src/platform/editor-schema.ts'
import { clientsPage } from './pages/clients.ts'
import { type GeneratedFile, generatedSources } from './generated-sources.ts'
import { commandsPage } from './pages/commands.ts'
import { composeOfExample, environmentOfExample } from './pages/compose.ts'
import { embeddedPage } from './pages/embedded.ts'
import { errorsPage } from './pages/errors.ts'
import { settingsSchema } from '../src/service/config/editor-schema.ts'
import { serviceTypes } from './sources/service-types.ts'
import { serviceSettingsPage } from './pages/service-settings.ts'

export const generatedFiles: readonly GeneratedFile[] = [
  ...generatedSources,
  ...serviceTypes,
  { file: 'schema/platform.schema.json', content: editorSchema },
  { file: 'schema/application.schema.json', content: settingsSchema },
  { file: 'docs/commands.md', content: commandsPage },
  { file: 'docs/errors.md', content: errorsPage },
  { file: 'docs/service-settings.md', content: serviceSettingsPage },
  { file: 'test/clients/README.md', content: clientsPage },
  { file: 'docs/embedded.md', content: embeddedPage },
  { file: 'docker/compose.yaml', content: composeOfExample },
  { file: '.env', content: environmentOfExample },
]
