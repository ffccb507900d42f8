// What the scripts of the pages and their tests are held to, beside the types (tsconfig.json).

import js from '@eslint/js';
import globals from 'globals';

export default [
  { files: ['webapp/static/*.js', 'tests/**/*.js', '*.js'] },
  { ignores: ['node_modules/', 'var/', '.venv/', 'docs/'] },
  js.configs.recommended,
  {
    linterOptions: { reportUnusedDisableDirectives: 'error', noInlineConfig: true },
    rules: {
      'array-callback-return': 'error',
      'consistent-return': 'off', // the compiler knows which functions return something
      eqeqeq: 'error',
      'max-lines': ['error', 600],
      'no-alert': 'off',
      'no-console': 'error',
      'no-else-return': 'error',
      'no-implicit-globals': 'error',
      'no-param-reassign': 'error',
      'no-promise-executor-return': 'off',
      'no-self-compare': 'error',
      'no-shadow': 'error',
      'no-template-curly-in-string': 'error',
      'no-throw-literal': 'error',
      'no-unreachable-loop': 'error',
      'no-unused-expressions': 'error',
      'no-use-before-define': ['error', { functions: false }],
      'no-useless-concat': 'error',
      'no-useless-rename': 'error',
      'no-useless-return': 'error',
      'no-var': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'prefer-object-spread': 'error',
      // Texts are set as text: nothing that comes from the graph is ever read as HTML or as code.
      'no-eval': 'error',
      'no-implied-eval': 'error',
      'no-new-func': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'AssignmentExpression[left.property.name=/^(inner|outer)HTML$/]', message: 'Set text as text.' },
        { selector: 'CallExpression[callee.property.name=/^(insertAdjacentHTML|write|setHTMLUnsafe)$/]', message: 'Set text as text.' },
      ],
    },
  },
  { files: ['webapp/static/*.js'], languageOptions: { globals: globals.browser } },
  { files: ['tests/**/*.js'], languageOptions: { globals: globals.node } },
  // What is evaluated in a page: one expression.
  { files: ['tests/browser/*.js'], languageOptions: { globals: globals.browser }, rules: { 'no-unused-expressions': 'off' } },
];
