// Runs the scenarios of a client in Node.js and prints what they saw; see README.md.
'use strict'

const patience = 60_000 // for one scenario

// run is called with the scenarios by name, of which those run that arguments name, or all. Each gets
// the brokers, a function that makes a name its own, and say, which adds a line to what the scenario saw.
async function run(scenarios) {
  const [, , brokers, prefix, ...only] = process.argv
  const topic = name => prefix + name
  const chosen = Object.entries(scenarios).filter(([title]) => only.length === 0 || only.includes(title))
  const outcomes = chosen.map(async ([title, scenario]) => {
    const lines = [`## ${title}`]
    const say = (what, value) => lines.push(`${what}: ${text(value).replaceAll(prefix, '')}`)
    const late = new Promise((_, reject) =>
      setTimeout(() => reject(new Error(`not over in ${patience / 1000} s`)), patience))
    try {
      await Promise.race([scenario(brokers.split(','), topic, say), late])
    } catch (error) {
      say('FAILED', error.stack)
    }
    return lines
  })
  for (const outcome of outcomes) {
    console.log((await outcome).join('\n'))
  }
  process.exit(0) // a scenario that failed leaves connections
}

const text = value => (typeof value === 'string' ? value : String(JSON.stringify(value)))

// refusal returns what is said of an error that attempt must end with.
async function refusal(attempt, words) {
  try {
    await attempt()
  } catch (error) {
    return words(error)
  }
  return 'no error'
}

// until asks again, until an answer is one to go on with.
async function until(ask, enough) {
  for (;;) {
    const answer = await ask()
    if (enough(answer)) return answer
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

module.exports = { run, refusal, until }
