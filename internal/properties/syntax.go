package properties

// entry is one key and its value, as java.util.Properties reads them.
type entry struct {
	key   text
	value text // with the blanks at its end
	line  int  // where the key stands
}

// malformed is a place where Java refuses the whole file: \u without four hexadecimal digits.
type malformed struct{ at char }

// readEntries reads a file as java.util.Properties.load does. Later entries of the same key are
// later in the list. What Java refuses the file for is reported, and reading goes on after that line.
func readEntries(in text) (entries []entry, faults []malformed) {
	lines := lineReader{in: in}
	for line, ok := lines.next(); ok; line, ok = lines.next() {
		rawKey, rawValue := splitLine(line.text)
		key, faultOfKey := unescape(rawKey)
		value, faultOfValue := unescape(rawValue)
		fault := faultOfKey
		if fault == nil {
			fault = faultOfValue
		}
		if fault != nil {
			faults = append(faults, malformed{at: *fault})
			continue
		}
		entries = append(entries, entry{key: key, value: value, line: line.first})
	}
	return entries, faults
}

// splitLine divides a line at the first =, : or blank that no backslash stands before. One = or :
// may have blanks on both sides.
func splitLine(line text) (key, value text) {
	end, escaped := 0, false
	for ; end < len(line); end++ {
		r := line[end].r
		if !escaped && (r == '=' || r == ':' || isBlank(r)) {
			break
		}
		escaped = r == '\\' && !escaped
	}
	begin, separated := end, false
	for ; begin < len(line); begin++ {
		r := line[begin].r
		if isBlank(r) {
			continue
		}
		if separated || r != '=' && r != ':' {
			break
		}
		separated = true
	}
	return line[:end], line[begin:]
}

// unescape replaces what begins with a backslash. fault is the backslash of a \u that is none.
func unescape(raw text) (t text, fault *char) {
	t = make(text, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		c := raw[i]
		if c.r != '\\' || i+1 == len(raw) {
			t = append(t, c)
			continue
		}
		i++
		switch c.raw = raw[i].raw; raw[i].r {
		case 't':
			c.r = '\t'
		case 'n':
			c.r = '\n'
		case 'r':
			c.r = '\r'
		case 'f':
			c.r = '\f'
		case 'u':
			r, ok := hexadecimal(raw[i+1:])
			if !ok {
				return nil, &c
			}
			c.r = r
			i += 4
		default:
			c.r = raw[i].r
		}
		t = append(t, c)
	}
	return joinSurrogates(t), nil
}

// hexadecimal is the number of the four digits that digits begins with.
func hexadecimal(digits text) (number rune, ok bool) {
	if len(digits) < 4 {
		return 0, false
	}
	for _, c := range digits[:4] {
		number <<= 4
		switch r := c.r; {
		case '0' <= r && r <= '9':
			number += r - '0'
		case 'a' <= r && r <= 'f':
			number += r - 'a' + 10
		case 'A' <= r && r <= 'F':
			number += r - 'A' + 10
		default:
			return 0, false
		}
	}
	return number, true
}
