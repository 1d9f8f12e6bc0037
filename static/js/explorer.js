// The explorer on the page of the API. The page is complete without it.
const place = document.getElementById("explorer");

/** A write that the browser's cookie authenticates carries the token of its page. */
function withToken(request) {
  if (request.method !== "GET" && !request.headers.Authorization) request.headers["X-CSRFToken"] = place.dataset.token;
  return request;
}

window.SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  docExpansion: "none",
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  requestInterceptor: withToken,
});
