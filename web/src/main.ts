// Starts the page.
import { mount } from 'svelte';
import './tokens.css';
import './base.css';
import App from './app/App.svelte';

const target = document.getElementById('app');
if (!target) throw new Error("index.html: no element with the id 'app'");
mount(App, { target });
