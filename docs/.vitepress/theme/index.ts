import type { Theme } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { defineAsyncComponent } from 'vue';
import './site.css';

export default {
  extends: DefaultTheme,
  enhanceApp({ app }) {
    // On its own page alone, and then only what shows a button: the rest comes when that is pressed.
    app.component(
      'LiveDemo',
      defineAsyncComponent(() => import('../demo/Demo.vue')),
    );
  },
} satisfies Theme;
