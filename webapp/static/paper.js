// Pages on paper: the button that prints them.

import { all } from './page.js';

all('[data-print]').forEach((button) => button.addEventListener('click', () => window.print()));
