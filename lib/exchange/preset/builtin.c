#include "exchange/preset/preset.h"

static const char *const texts[] = {
#include "presets.h"
	NULL
};

const char *preset_builtin(size_t i)
{
	return texts[i];
}
