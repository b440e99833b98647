import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: { outDir: 'dist', target: 'es2023', assetsInlineLimit: 0, reportCompressedSize: false },
  // `npm run dev` beside a server on another port: SLIPWAY_API=http://127.0.0.1:4401
  // The Host stays as it is: the server takes changes only from pages of its own address.
  server: {
    proxy: {
      '/api': { target: process.env.SLIPWAY_API ?? 'http://127.0.0.1:4400', changeOrigin: false },
    },
  },
});
