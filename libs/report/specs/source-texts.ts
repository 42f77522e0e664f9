import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';

/** A text that a source file writes: its literal parts, with something inserted between each two. */
export interface SourceText {
  readonly file: string;
  readonly parts: readonly string[];
}

/** Files of a folder that are part of the product: neither specs nor what only specs use. */
export function sourceFiles(folder: URL): ts.SourceFile[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !/(^|\/)testing\//.test(path))
    .sort()
    .map((path) =>
      ts.createSourceFile(path, readFileSync(new URL(path, folder), 'utf8'), ts.ScriptTarget.Latest, true),
    );
}

/** String literals and templates below a node that may come to stand in a result: neither names nor errors. */
export function textsOf(node: ts.Node): SourceText[] {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return [];
  if (ts.isNewExpression(node) || ts.isThrowStatement(node) || ts.isElementAccessExpression(node)) return [];
  const file = node.getSourceFile().fileName;
  const own: SourceText[] = [];
  if (ts.isStringLiteralLike(node) && !isPropertyName(node)) own.push({ file, parts: [node.text] });
  if (ts.isTemplateExpression(node)) {
    const between = node.templateSpans.map(({ literal }) => literal.text);
    own.push({ file, parts: [node.head.text, ...between] });
  }
  return [...own, ...childrenOf(node).flatMap(textsOf)];
}

/** Texts in what a property is set to, wherever below a node. */
export function valuesOf(node: ts.Node, property: string): SourceText[] {
  return holders(node, property).flatMap(textsOf);
}

/** Names of the properties of the object that a property or variable is set to, with those spread into it. */
export function namesIn(node: ts.Node, holder: string): SourceText[] {
  return holders(node, holder).flatMap(propertyNames);
}

/** First arguments of the calls of a function, where they are literals. */
export function firstArguments(node: ts.Node, called: string): SourceText[] {
  const below = childrenOf(node).flatMap((child) => firstArguments(child, called));
  if (!ts.isCallExpression(node) || node.expression.getText() !== called) return below;
  const [first] = node.arguments;
  return first !== undefined && ts.isStringLiteralLike(first) ? [...textsOf(first), ...below] : below;
}

/** What properties and variables of a name are set to. */
function holders(node: ts.Node, holder: string): ts.Expression[] {
  const below = childrenOf(node).flatMap((child) => holders(child, holder));
  const holds = ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node);
  if (!holds || node.initializer === undefined || node.name.getText() !== holder) return below;
  return [node.initializer, ...below];
}

function propertyNames(node: ts.Expression): SourceText[] {
  if (ts.isParenthesizedExpression(node)) return propertyNames(node.expression);
  if (ts.isConditionalExpression(node)) return [node.whenTrue, node.whenFalse].flatMap(propertyNames);
  if (!ts.isObjectLiteralExpression(node)) return [];
  const file = node.getSourceFile().fileName;
  return node.properties.flatMap((property) => {
    if (ts.isSpreadAssignment(property)) return propertyNames(property.expression);
    return [{ file, parts: [property.name.getText()] }];
  });
}

function isPropertyName(node: ts.Node): boolean {
  return ts.isPropertyAssignment(node.parent) && node.parent.name === node;
}

function childrenOf(node: ts.Node): ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}
