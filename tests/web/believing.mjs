// Says of each message whether the library of the Standard Webhooks specification believes it, and what it reads in it.
// Must not know who made it.
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"

// Of the folder in which it is started.
const { Webhook } = createRequire(`${process.cwd()}/package.json`)("standardwebhooks")

const said = JSON.parse(readFileSync(process.argv[2], "utf-8")).map(({ secret, headers, body }) => {
  try {
    return { content: new Webhook(secret).verify(body, headers) }
  } catch (error) {
    return { refused: error.message }
  }
})
console.log(JSON.stringify(said))
