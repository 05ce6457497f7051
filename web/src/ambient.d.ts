// What is there without being imported: constants set by web/build.mjs, and a module without types.
declare const __FOYER_ASSETS__: Record<string, string>; // name -> address
declare const __FOYER_VERSION__: string; // another one whenever an asset differs

declare module "idiomorph" {
  interface MorphOptions {
    morphStyle?: "innerHTML" | "outerHTML";
    ignoreActive?: boolean;
    ignoreActiveValue?: boolean;
    restoreFocus?: boolean;
    callbacks?: {
      beforeNodeAdded?: (node: Node) => boolean;
      beforeNodeMorphed?: (old: Node, next: Node) => boolean;
      beforeNodeRemoved?: (node: Node) => boolean;
      beforeAttributeUpdated?: (name: string, node: Element, change: string) => boolean;
    };
  }
  export const Idiomorph: {
    morph(old: Element, next: string | Element | Node[], options?: MorphOptions): void;
  };
}
