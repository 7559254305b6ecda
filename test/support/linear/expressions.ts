import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import ts from 'typescript'

/** A regular expression as it stands in a file. */
export interface Expression {
  readonly place: string
  readonly source: string
  readonly flags: string
}

export interface Expressions {
  readonly literals: readonly Expression[]
  /** Files that put expressions together as they run. */
  readonly composed: readonly string[]
}

/** Every regular expression in the files below a folder. */
export function expressionsIn(folder: string): Expressions {
  const literals: Expression[] = []
  const composed = new Set<string>()
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
  for (const name of files) {
    const file = ts.createSourceFile(name, readFileSync(path.join(folder, name), 'utf8'), ts.ScriptTarget.Latest, true)
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/')
        const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1
        literals.push({ place: `${name}:${line}`, source: node.text.slice(1, end), flags: node.text.slice(end + 1) })
      }
      if (ts.isIdentifier(node) && node.text === 'RegExp' && ts.isNewExpression(node.parent)) composed.add(name)
      ts.forEachChild(node, visit)
    }
    visit(file)
  }
  return { literals, composed: [...composed].toSorted() }
}
