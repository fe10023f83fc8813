import ts from 'typescript';
import { moduleOf } from './programs.js';
import type { ThrownCodes } from './thrown-codes.js';

/** What the doc comments of a public name lack, one line each. */
export function lacksOf(symbol: ts.Symbol, thrown: ThrownCodes): string[] {
  return (symbol.declarations ?? []).flatMap((declaration) => {
    if (ts.isFunctionDeclaration(declaration))
      return [
        ...sentence(declaration),
        ...example(declaration),
        ...ofFunction(declaration, thrown),
      ];
    if (ts.isClassDeclaration(declaration))
      return [...sentence(declaration), ...example(declaration), ...ofClass(declaration, thrown)];
    if (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration))
      return [...sentence(declaration), ...ofType(declaration, thrown)];
    // The module of `export * as figures` says what they are in its first comment.
    if (ts.isSourceFile(declaration))
      return /^\s*\/\*\*/.test(declaration.text) ? [] : ['no sentence'];
    return sentence(declaration);
  });
}

const isOptions = (name: ts.BindingName) =>
  !ts.isIdentifier(name) || name.text === 'options' || name.text === 'input';
/** Numbers in an order that only a shape tells. */
const isShaped = (type: string) =>
  /\b(ArrayLike<number>|(Float32Array|Float64Array|Int32Array|(tf\.)?Tensor\d?D?)\b)/.test(type) &&
  !/=>/.test(type);
/** How a comment says what it means that a property is not there. */
const saysAbsence = /\b(absent|left out|without|only)\b/i;

function sentence(node: ts.Node): string[] {
  return commentOf(node) ? [] : ['no sentence'];
}

function example(node: ts.Node): string[] {
  return hasTag(node, 'example') ? [] : ['no @example'];
}

function ofFunction(node: ts.SignatureDeclaration, thrown: ThrownCodes, owner = ''): string[] {
  const lacks: string[] = [];
  for (const parameter of node.parameters) {
    const name = parameter.name.getText();
    const text = ts.getJSDocParameterTags(parameter).map(textOf).join(' ');
    if (!text && !isOptions(parameter.name)) lacks.push(`no @param ${name}`);
    else if (text && isShaped(parameter.type?.getText() ?? '') && !text.includes('['))
      lacks.push(`no shape in @param ${name}`);
    if (parameter.type) lacks.push(...ofLiterals(parameter.type, thrown, wholeComment(node)));
  }
  const type = node.type?.getText() ?? 'void';
  const returns = ts.getJSDocReturnTag(node);
  if (
    !/^(void|never|this|asserts .*|Promise<void>)$/.test(type) &&
    !returns &&
    !ts.isConstructorDeclaration(node)
  )
    lacks.push('no @returns');
  if (returns && isShaped(type) && !textOf(returns).includes('['))
    lacks.push('no shape in @returns');
  if (node.type) lacks.push(...ofLiterals(node.type, thrown, wholeComment(node)));
  return [...lacks, ...throws(node, thrown, owner)];
}

/** Calls between a body and a check whose code the body's documentation names. */
const DEPTH = 3;

function throws(node: ts.SignatureDeclaration, thrown: ThrownCodes, owner: string): string[] {
  const name = ts.isConstructorDeclaration(node) ? 'constructor' : (node.name?.getText() ?? '');
  const module = moduleOf(node.getSourceFile()) ?? '';
  const text = tagsOf(node, 'throws').map(textOf).join(' ');
  const told = new Set(text.match(/\b[A-Z]+(_[A-Z]+)*\b/g));
  const missing = [...thrown.of(module, owner + name, DEPTH)].filter((code) => !told.has(code));
  if (missing.length > 0) return [`no @throws ${missing.sort().join(', ')}`];
  return !text && thrown.of(module, owner + name).size > 0 ? ['no @throws'] : [];
}

function ofClass(node: ts.ClassDeclaration, thrown: ThrownCodes): string[] {
  return node.members.flatMap((member) => {
    const name = member.name?.getText() ?? 'constructor';
    const hidden = ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Private;
    if (hidden || name.startsWith('#')) return [];
    const isMethod = ts.isMethodDeclaration(member) || ts.isConstructorDeclaration(member);
    const lacks = [
      ...(ts.isConstructorDeclaration(member) ? [] : sentence(member)),
      ...(isMethod ? ofFunction(member, thrown, `${node.name?.text}.`) : ofProperty(member)),
    ];
    return lacks.map((lack) => `.${name}: ${lack}`);
  });
}

/** Interfaces and aliases: every property within has a comment, its own or that of what holds it. */
function ofType(
  node: ts.InterfaceDeclaration | ts.TypeAliasDeclaration,
  thrown: ThrownCodes,
): string[] {
  if (ts.isTypeAliasDeclaration(node)) return ofLiterals(node.type, thrown, wholeComment(node));
  return node.members.flatMap((member) => ofMember(member, thrown, ''));
}

function ofMember(member: ts.TypeElement, thrown: ThrownCodes, around: string): string[] {
  const name = member.name?.getText() ?? 'signature';
  const told = commentOf(member) !== '';
  const word = new RegExp(`\\b${name.replace(/\W/g, '')}\\b`);
  const lacks = told || (word.test(around) && !member.questionToken) ? [] : ['no comment'];
  if (told && ts.isPropertySignature(member)) lacks.push(...ofProperty(member));
  if (told && ts.isMethodSignature(member)) lacks.push(...ofFunction(member, thrown));
  if (ts.isPropertySignature(member) && member.type)
    lacks.push(...ofLiterals(member.type, thrown, wholeComment(member)));
  return lacks.map((lack) => `.${name}${lack.startsWith('.') ? '' : ': '}${lack}`);
}

function ofLiterals(type: ts.Node, thrown: ThrownCodes, around: string): string[] {
  if (ts.isFunctionTypeNode(type)) return [];
  if (ts.isTypeLiteralNode(type))
    return type.members.flatMap((member) => ofMember(member, thrown, around));
  const lacks: string[] = [];
  ts.forEachChild(type, (child) => void lacks.push(...ofLiterals(child, thrown, around)));
  return lacks;
}

function ofProperty(member: ts.Node & { questionToken?: unknown; type?: ts.TypeNode }): string[] {
  const text = wholeComment(member);
  const lacks: string[] = [];
  if (member.questionToken && !hasTag(member, 'defaultValue') && !saysAbsence.test(text))
    lacks.push('optional, with no @defaultValue and no word of when it is absent');
  if (isShaped(member.type?.getText() ?? '') && !text.includes('[')) lacks.push('no shape');
  return lacks;
}

const tagsOf = (node: ts.Node, name: string) =>
  ts.getJSDocTags(node).filter(({ tagName }) => tagName.text === name);
const hasTag = (node: ts.Node, name: string) => tagsOf(node, name).length > 0;
const textOf = (tag: ts.JSDocTag) => ts.getTextOfJSDocComment(tag.comment) ?? '';

function docsOf(node: ts.Node): readonly ts.JSDoc[] {
  const holder = ts.isVariableDeclaration(node) ? node.parent.parent : node;
  return ts.getJSDocCommentsAndTags(holder).filter(ts.isJSDoc);
}

const commentOf = (node: ts.Node) =>
  docsOf(node)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join('\n')
    .trim();

const wholeComment = (node: ts.Node) =>
  docsOf(node)
    .map((doc) => doc.getText())
    .join('\n');
