package main

import (
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"
)

// login guards all but the health check and the form itself, where AUTH_TYPE asks for it: who posts the right name and
// password to /login gets a session, everyone else is sent to the form.
func login(properties springProperties, next http.Handler) http.Handler {
	if properties["AUTH_TYPE"] != "LOGIN_FORM" {
		return next
	}
	session := rand.Text()
	equal := func(a, b string) bool { return b != "" && subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
	mux := http.NewServeMux()
	mux.Handle("GET /actuator/health", next)
	mux.HandleFunc("GET /login", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("POST /login", func(w http.ResponseWriter, r *http.Request) {
		if !equal(r.PostFormValue("username"), properties["SPRING_SECURITY_USER_NAME"]) ||
			!equal(r.PostFormValue("password"), properties["SPRING_SECURITY_USER_PASSWORD"]) {
			http.Redirect(w, r, "/login?error", http.StatusFound)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "SESSION", Value: session, Path: "/", HttpOnly: true})
	})
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if cookie, err := r.Cookie("SESSION"); err == nil && equal(cookie.Value, session) {
			next.ServeHTTP(w, r)
			return
		}
		if strings.Contains(r.Header.Get("Accept"), "text/html") {
			http.Redirect(w, r, "/login", http.StatusFound)
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
	})
	return mux
}
