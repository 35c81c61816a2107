/** A component's file, for the compiler; the build makes a module of it. */
declare module '*.vue' {
  import type { Component } from 'vue';
  const component: Component;
  export default component;
}
