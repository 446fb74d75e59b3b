import '@fontsource-variable/inter/wght.css';
import 'uplot/dist/uPlot.min.css';
import './style/tokens.css';
import './style/base.css';
import './style/page.css';
import './style/days.css';
import './style/panels.css';
import './style/pictures.css';
import { render } from 'preact';
import { createDashboard, DashboardProvider } from './store/dashboard.js';
import { Page } from './view/page.js';

const place = document.getElementById('page');
if (place === null) throw new Error('the page has no place to be drawn in');

render(
  <DashboardProvider value={createDashboard()}>
    <Page />
  </DashboardProvider>,
  place,
);
