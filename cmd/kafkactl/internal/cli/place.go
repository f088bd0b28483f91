package cli

import (
	"os"

	"kafkactl/internal/health"
)

// Place is where the program runs, for the advice about names and ports.
func (a *App) Place() health.Place {
	if place := a.Env("KAFKACTL_PLACE"); place != "" {
		return health.Place(place)
	}
	return health.FindPlace(os.DirFS("/"), a.LookupEnv)
}

// CheckPlace refuses a value of KAFKACTL_PLACE that names no place.
func CheckPlace(place string) error {
	if place == "" {
		return nil
	}
	return CheckWord("KAFKACTL_PLACE", health.Place(place), health.OnHost, health.InContainer)
}
