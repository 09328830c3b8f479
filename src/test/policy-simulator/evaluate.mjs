// Reads requests from the JSON file that the first argument names, and prints what IAM would answer to each.
import { readFile } from 'node:fs/promises'
import { runSimulation } from '@cloud-copilot/iam-simulate'

const named = policies => policies.map((policy, i) => ({ name: `policy ${i + 1}`, policy }))

async function evaluate({ principal, account, policies, boundary, organization, action, resource, context }) {
  const response = await runSimulation(
    {
      identityPolicies: named(policies),
      permissionBoundaryPolicies: boundary.length > 0 ? named(boundary) : undefined,
      serviceControlPolicies: organization.map((level, i) => ({ orgIdentifier: `level ${i + 1}`, policies: named(level) })),
      resourceControlPolicies: [],
      request: { principal, action, resource: { accountId: account, resource }, contextVariables: context }
    },
    {}
  )
  // The simulator refuses what IAM does not know: an action, a key or a resource that is misspelt.
  return response.resultType === 'error' ? `error: ${JSON.stringify(response.errors)}` : response.overallResult
}

const requests = JSON.parse(await readFile(process.argv[2], 'utf8'))
const answers = []
for (const request of requests) {
  answers.push(await evaluate(request))
}
process.stdout.write(JSON.stringify(answers))
