using Slipway;

return App.Run(args, Desk.Real);
