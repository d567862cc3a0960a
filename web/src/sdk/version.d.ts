/** The version of web/sdk/package.json, put in by the build. */
declare const __SDK_VERSION__: string;
